@NullMarked
package io.flotilla.bookinfo.testapp;

import org.jspecify.annotations.NullMarked;
