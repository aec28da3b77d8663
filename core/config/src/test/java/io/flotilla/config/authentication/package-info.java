@NullMarked
package io.flotilla.config.authentication;

import org.jspecify.annotations.NullMarked;
