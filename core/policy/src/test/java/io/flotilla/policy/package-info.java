@NullMarked
package io.flotilla.policy;

import org.jspecify.annotations.NullMarked;
