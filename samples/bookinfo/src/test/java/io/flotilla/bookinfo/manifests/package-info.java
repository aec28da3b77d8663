@NullMarked
package io.flotilla.bookinfo.manifests;

import org.jspecify.annotations.NullMarked;
