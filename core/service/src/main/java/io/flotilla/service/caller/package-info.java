/** Who calls, by what a call brings: signed tokens of issuers whose keys we have. */
@NullMarked
package io.flotilla.service.caller;

import org.jspecify.annotations.NullMarked;
