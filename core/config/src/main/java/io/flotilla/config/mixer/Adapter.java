package io.flotilla.config.mixer;

import com.google.protobuf.Message;
import java.util.List;

/**
 * An adapter that is built in.
 *
 * @param name      in "compiledAdapter", and the kind of the shorthand
 * @param params    the default instance of its settings
 * @param templates the names of those whose instances it takes; empty for all
 */
public record Adapter(String name, Message params, List<String> templates) {
    public Adapter {
        templates = List.copyOf(templates);
    }

    /** Instances of the template can be given to it. */
    public boolean takes(Template template) {
        return templates.isEmpty() || templates.contains(template.name());
    }
}
