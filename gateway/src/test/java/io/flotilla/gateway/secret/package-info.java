@NullMarked
package io.flotilla.gateway.secret;

import org.jspecify.annotations.NullMarked;
