/** Who may do what: AuthorizationPolicy and the classic roles as one model, and the verdict on a request. */
@NullMarked
package io.flotilla.config.authorization;

import org.jspecify.annotations.NullMarked;
