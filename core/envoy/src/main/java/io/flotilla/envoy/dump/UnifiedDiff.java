package io.flotilla.envoy.dump;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Two texts as one, in the form of "diff -u" without its first two lines. */
final class UnifiedDiff {
    private static final int AROUND = 3;

    /** Middles of more cells than this (16 MB) are told as removed and added, and not looked at line by line. */
    private static final long MOST = 4_000_000;

    private record Line(char mark, String text) {}

    private UnifiedDiff() {}

    /**
     * Hunks with three lines around each change; empty where nothing differs.
     *
     * @param same whether a line of the one says what a line of the other says
     */
    static List<String> of(List<String> before, List<String> after, BiPredicate<String, String> same) {
        int head = 0;
        int most = Math.min(before.size(), after.size());
        while (head < most && same.test(before.get(head), after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head
                && same.test(before.get(before.size() - 1 - tail), after.get(after.size() - 1 - tail))) {
            tail++;
        }
        List<Line> all = new ArrayList<>();
        after.subList(0, head).forEach(text -> all.add(new Line(' ', text)));
        middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail), same, all);
        after.subList(after.size() - tail, after.size()).forEach(text -> all.add(new Line(' ', text)));
        return hunks(all);
    }

    private static void middle(
            List<String> before, List<String> after, BiPredicate<String, String> same, List<Line> into) {
        int[][] common = (long) before.size() * after.size() > MOST ? new int[0][] : common(before, after, same);
        int i = 0;
        int j = 0;
        while (common.length > 0 && i < before.size() && j < after.size()) {
            if (same.test(before.get(i), after.get(j))) {
                into.add(new Line(' ', after.get(j++)));
                i++;
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                into.add(new Line('-', before.get(i++)));
            } else {
                into.add(new Line('+', after.get(j++)));
            }
        }
        before.subList(i, before.size()).forEach(text -> into.add(new Line('-', text)));
        after.subList(j, after.size()).forEach(text -> into.add(new Line('+', text)));
    }

    /** At [i][j]: how many lines the two have in common, in order, from there on. */
    private static int[][] common(List<String> before, List<String> after, BiPredicate<String, String> same) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = same.test(before.get(i), after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static List<String> hunks(List<Line> all) {
        List<String> hunks = new ArrayList<>();
        int at = 0;
        int[] lines = {1, 1};
        while (at < all.size()) {
            int change = next(all, at);
            if (change == all.size()) {
                break;
            }
            int from = Math.max(at, change - AROUND);
            int to = change + 1;
            for (int further = change; further < all.size() && further - to <= 2 * AROUND; ) {
                to = further + 1;
                further = next(all, to);
            }
            to = Math.min(all.size(), to + AROUND);
            count(all.subList(at, from), lines);
            int[] start = lines.clone();
            count(all.subList(from, to), lines);
            hunks.add("@@ -" + range(start[0], lines[0]) + " +" + range(start[1], lines[1]) + " @@");
            all.subList(from, to).forEach(line -> hunks.add(line.mark() + line.text()));
            at = to;
        }
        return hunks;
    }

    // Of no lines it names the line before.
    private static String range(int from, int to) {
        return (from == to ? from - 1 : from) + "," + (to - from);
    }

    private static int next(List<Line> all, int from) {
        int at = from;
        while (at < all.size() && all.get(at).mark() == ' ') {
            at++;
        }
        return at;
    }

    private static void count(List<Line> of, int[] lines) {
        for (Line line : of) {
            lines[0] += line.mark() == '+' ? 0 : 1;
            lines[1] += line.mark() == '-' ? 0 : 1;
        }
    }
}
