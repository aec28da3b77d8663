/** What an SDS version says to the Citadel that sealed it. */
@NullMarked
package io.flotilla.identity.sds;

import org.jspecify.annotations.NullMarked;
