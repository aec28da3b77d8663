/** A small web server and client on the JDK alone, and what they hand on for tracing. */
@NullMarked
package io.flotilla.bookinfo.http;

import org.jspecify.annotations.NullMarked;
