/** Applications for trying a mesh: an HTTP echo, a greeting, TCP servers. */
@NullMarked
package io.flotilla.bookinfo.testapp;

import org.jspecify.annotations.NullMarked;
