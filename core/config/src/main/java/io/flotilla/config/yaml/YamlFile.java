package io.flotilla.config.yaml;

import io.flotilla.config.model.Diagnostic;
import java.util.List;

/**
 * What a file holds.
 *
 * @param documents those that could be read, in order; empty ones are left out
 * @param broken    one for each that could not
 */
public record YamlFile(List<Document> documents, List<Diagnostic> broken) {
    public YamlFile {
        documents = List.copyOf(documents);
        broken = List.copyOf(broken);
    }

    /**
     * One document.
     *
     * @param root     its content
     * @param problems that do not keep the rest of it from being read: duplicate keys
     */
    public record Document(YamlNode root, List<Diagnostic> problems) {
        public Document {
            problems = List.copyOf(problems);
        }
    }
}
