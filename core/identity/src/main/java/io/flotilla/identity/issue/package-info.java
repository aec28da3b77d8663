/** What a caller may have a certificate for. */
@NullMarked
package io.flotilla.identity.issue;

import org.jspecify.annotations.NullMarked;
