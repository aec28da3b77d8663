@NullMarked
package io.flotilla.discovery.client;

import org.jspecify.annotations.NullMarked;
