/** What analysis across objects costs. */
@NullMarked
package io.flotilla.bench.analysis;

import org.jspecify.annotations.NullMarked;
