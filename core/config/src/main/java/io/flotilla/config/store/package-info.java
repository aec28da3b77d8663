/** What is in force: files in, accepted objects out, the last good version of each kept. */
@NullMarked
package io.flotilla.config.store;

import org.jspecify.annotations.NullMarked;
