@NullMarked
package io.flotilla.gateway.process;

import org.jspecify.annotations.NullMarked;
