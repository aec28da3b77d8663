package io.flotilla.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Which tests of a run failed, by the reports that Surefire and Failsafe leave in each module. Maven says it in the middle
 * of thousands of lines; a run says it once more at its end.
 */
final class FailedTests {
    private static final int LONGEST_MESSAGE = 300;
    private static final int DEEPEST_REPORT = 5;

    private FailedTests() {}

    /** A line for each: module, class, method and the beginning of what it said; reports older than the run do not count. */
    static List<String> since(FileTime begin, Path home) throws IOException {
        List<Path> reports;
        try (Stream<Path> files = Files.find(
                home,
                DEEPEST_REPORT,
                (path, attributes) -> attributes.isRegularFile()
                        && attributes.lastModifiedTime().compareTo(begin) >= 0)) {
            reports = files.map(home::relativize)
                    .filter(FailedTests::isReport)
                    .sorted()
                    .toList();
        }
        List<String> failed = new ArrayList<>();
        for (Path report : reports) {
            failed.addAll(read(report.subpath(0, report.getNameCount() - 3).toString(), home.resolve(report)));
        }
        return failed;
    }

    /** MODULE/target/surefire-reports/TEST-CLASS.xml, and likewise of Failsafe. */
    private static boolean isReport(Path path) {
        int names = path.getNameCount();
        String name = path.getFileName().toString();
        return names > 3
                && name.startsWith("TEST-")
                && name.endsWith(".xml")
                && path.getName(names - 2).toString().matches("(surefire|failsafe)-reports");
    }

    private static List<String> read(String module, Path report) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        List<String> failed = new ArrayList<>();
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            String test = "";
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                switch (xml.getLocalName()) {
                    case "testcase" -> test = attribute(xml, "classname") + "." + attribute(xml, "name");
                    case "failure", "error" ->
                        failed.add(module + ": " + test + ": "
                                + firstLine(attribute(xml, "message"), attribute(xml, "type")));
                    default -> {
                        // Output, properties and what was tried again.
                    }
                }
            }
        } catch (XMLStreamException e) {
            failed.add(module + ": " + report.getFileName() + " cannot be read: the run of this class broke off");
        }
        return failed;
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private static String firstLine(String message, String type) {
        String said = message.isBlank()
                ? type
                : message.strip().lines().map(String::strip).reduce("", FailedTests::joined);
        return said.length() <= LONGEST_MESSAGE ? said : said.substring(0, LONGEST_MESSAGE) + "...";
    }

    private static String joined(String before, String line) {
        return before.isEmpty() || before.length() > LONGEST_MESSAGE ? before + line : before + " " + line;
    }
}
