/** Verdicts as events of flotilla.audit: kept before the answer where a policy wants it, else from the access log. */
@NullMarked
package io.flotilla.mixer.audit;

import org.jspecify.annotations.NullMarked;
