/** What a certificate costs. */
@NullMarked
package io.flotilla.bench.ca;

import org.jspecify.annotations.NullMarked;
