/** What reading and judging configuration costs. */
@NullMarked
package io.flotilla.bench.config;

import org.jspecify.annotations.NullMarked;
