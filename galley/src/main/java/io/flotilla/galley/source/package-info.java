/** Where configuration comes from: each platform is one source, and all meet in one state by fixed precedence. */
@NullMarked
package io.flotilla.galley.source;

import org.jspecify.annotations.NullMarked;
