package io.flotilla.config.yaml;

/**
 * Words that were read lately, so that what stands in thousands of documents (names of fields and labels, versions) is
 * in memory once. Threads may share it: what one puts over the other's word is another string with the same content.
 */
final class WordPool {
    private static final int SLOTS = 1 << 11;
    private static final int LONGEST = 40;

    private final String[] words = new String[SLOTS];

    /** The characters from {@code from} to before {@code to}. */
    String word(String text, int from, int to) {
        int length = to - from;
        if (length > LONGEST) {
            return text.substring(from, to);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        int slot = (hash ^ hash >>> 11) & SLOTS - 1;
        String known = words[slot];
        if (known != null && known.length() == length && text.startsWith(known, from)) {
            return known;
        }
        String word = text.substring(from, to);
        words[slot] = word;
        return word;
    }
}
