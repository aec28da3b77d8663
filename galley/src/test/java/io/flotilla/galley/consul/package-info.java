@NullMarked
package io.flotilla.galley.consul;

import org.jspecify.annotations.NullMarked;
