package io.flotilla.config.yaml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents as programs and people mostly write them, in one pass: {@link BlockReader} mappings and lists in lines,
 * {@link JsonReader} JSON. Neither judges. At the first thing that is anything else (an anchor, a text over several
 * lines, a key that is there twice, a limit) they give up, and the library reads the document and says what is wrong
 * with it. What they do read is what the library makes of it (decision 037).
 */
abstract class QuickReader {
    /** The library takes keys of up to 1,024 characters. */
    private static final int LONGEST_KEY = 256;

    final String text;
    final WordPool words;
    final int length;
    private final YamlLimits limits;
    private int nodes;

    QuickReader(String text, YamlLimits limits, WordPool words) {
        this.text = text;
        this.limits = limits;
        this.words = words;
        this.length = text.length();
    }

    /** The document; null where only the library can say what it is. */
    static @Nullable YamlNode read(String text, int firstLine, YamlLimits limits, WordPool words) {
        try {
            int at = 0;
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
            return at < text.length() && text.charAt(at) == '{'
                    ? new JsonReader(text, firstLine, limits, words).document()
                    : new BlockReader(text, firstLine, limits, words).document();
        } catch (GivesUp e) {
            return null;
        }
    }

    /** Something that only the library reads. */
    static final class GivesUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GivesUp() {
            super(null, null, false, false);
        }
    }

    /** One node more, at a depth. */
    final void count(int depth) {
        if (++nodes > limits.nodes() || depth > limits.depth()) {
            throw new GivesUp();
        }
    }

    final void put(Map<String, YamlNode.Entry> entries, String key, int line, YamlNode value) {
        if (key.length() > LONGEST_KEY || entries.putIfAbsent(key, new YamlNode.Entry(line, value)) != null) {
            throw new GivesUp();
        }
    }
}
