@NullMarked
package io.flotilla.discovery.server;

import org.jspecify.annotations.NullMarked;
