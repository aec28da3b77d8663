/** What translations of other APIs into Istio's kinds share: what they ask, what they make, what they say of it. */
@NullMarked
package io.flotilla.config.derive;

import org.jspecify.annotations.NullMarked;
