@NullMarked
package io.flotilla.config.feed;

import org.jspecify.annotations.NullMarked;
