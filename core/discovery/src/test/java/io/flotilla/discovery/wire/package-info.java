@NullMarked
package io.flotilla.discovery.wire;

import org.jspecify.annotations.NullMarked;
