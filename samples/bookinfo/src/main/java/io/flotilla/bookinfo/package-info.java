/** The sample applications: one jar, several roles. */
@NullMarked
package io.flotilla.bookinfo;

import org.jspecify.annotations.NullMarked;
