/** Keys and certificates that are handed to workloads as files: what they hold, and when they are made anew. */
@NullMarked
package io.flotilla.identity.delivery;

import org.jspecify.annotations.NullMarked;
