@NullMarked
package io.flotilla.gateway;

import org.jspecify.annotations.NullMarked;
