package io.flotilla.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of settings name all that there are, nothing else, and the defaults that the code has. */
class SettingsTest {
    private static final Pattern NAME = Pattern.compile("[a-z.][\\w.-]*(?:\\*)?");
    private static final Pattern PLAIN = Pattern.compile("[\\w.:/-]+");

    /**
     * A row of a table.
     *
     * @param defaults as they stand there, one for each name; none where they are told in another way
     */
    private record Row(List<String> names, List<String> defaults) {}

    @ParameterizedTest
    @CsvSource({
        "citadel, flotilla., citadel/README.md",
        "galley, '', galley/README.md docs/consul.md",
        "pilot, '', pilot/README.md",
        "mixer, '', mixer/README.md docs/audit.md",
        "gateway, flotilla.gateway., gateway/README.md",
        "sidecar-injector, '', sidecar-injector/README.md",
    })
    void thePageSaysWhatTheCodeReads(String module, String prefix, String pages) throws IOException {
        Map<String, String> declared = new TreeMap<>(DeclaredSettings.of(module));
        declared.keySet().removeIf(name -> !name.startsWith("flotilla."));
        List<String> wrong = new ArrayList<>();
        TreeSet<String> told = new TreeSet<>();
        for (String page : pages.split(" ", -1)) {
            for (Row row : rows(page, prefix)) {
                told.addAll(row.names());
                wrong.addAll(otherDefaults(row, declared));
            }
        }
        for (String name : declared.keySet()) {
            if (told.stream().noneMatch(each -> covers(each, name))) {
                wrong.add(name + " is not told");
            }
        }
        for (String name : told) {
            if (declared.keySet().stream().noneMatch(each -> covers(name, each))) {
                wrong.add(name + " is told, and nothing reads it");
            }
        }
        assertThat(wrong).as(pages).isEmpty();
        assertThat(declared).hasSizeGreaterThan(10);
    }

    private static boolean covers(String told, String name) {
        return told.endsWith("*") ? name.startsWith(told.substring(0, told.length() - 1)) : told.equals(name);
    }

    private static List<String> otherDefaults(Row row, Map<String, String> declared) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < row.defaults().size(); i++) {
            String name = row.names().get(i);
            String told =
                    row.defaults().get(i).equals("none") ? "" : row.defaults().get(i);
            String given = declared.getOrDefault(name, told);
            boolean derived = told.contains("NAMESPACE") || declared.containsKey("flotilla." + told);
            if ((told.isEmpty() || PLAIN.matcher(told).matches()) && !derived && !told.equals(given)) {
                wrong.add(name + " is \"" + given + "\" by default, not \"" + told + "\"");
            }
        }
        return wrong;
    }

    // Rows below a head that begins with "setting" or "property".
    private static List<Row> rows(String page, String prefix) throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(SourceTree.ROOT.resolve(page))) {
            if (line.startsWith("| setting") || line.startsWith("| property")) {
                inside = line.contains("default");
            } else if (!line.startsWith("|")) {
                inside = false;
            } else if (inside && !line.startsWith("| ---")) {
                rows.add(row(line, prefix));
            }
        }
        return rows;
    }

    private static Row row(String line, String prefix) {
        String[] cells = line.split("\\|", -1);
        List<String> names = new ArrayList<>();
        Matcher matcher = NAME.matcher(cells[1].replaceAll("\\([^)]*\\)", "").replace("NAME.", "name."));
        while (matcher.find()) {
            String text = matcher.group().replace("name.", "NAME.");
            if (text.startsWith(".")) {
                String last = names.getLast();
                names.add(last.substring(0, last.lastIndexOf('.')) + text);
            } else if (text.startsWith("flotilla.")) {
                names.add(text);
            } else if (!prefix.isEmpty()) {
                names.add(prefix + text);
            }
        }
        List<String> defaults = Arrays.stream(
                        cells[2].replaceAll("\\([^)]*\\)", "").split(",", -1))
                .map(each -> each.replace("`", "").strip())
                .toList();
        return new Row(names, defaults.size() == names.size() ? defaults : List.of());
    }
}
