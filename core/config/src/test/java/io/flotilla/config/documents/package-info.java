/** Folders of documents, valid and invalid, with what is found in them. */
@NullMarked
package io.flotilla.config.documents;

import org.jspecify.annotations.NullMarked;
