package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page of documentation that this test keeps true. */
final class Page {
    private static final String HEAD = """
            # What of Istio's API reaches Envoy

            One row per field. A file's name means that the field is translated: in the mesh of that file (in
            `core/envoy/src/test/resources/coverage`) some proxy is told something else when the field is taken away.
            Otherwise the row says why it is not: "refused" and "said" are what `validate`, `analyze`, `compile` and the
            webhook tell whoever sets the field; a named test shows what else does the field's work. `CoverageTest` writes
            this page (`-Dgolden.update=true`), and fails where a field has neither or a row says what is not so. Where a
            field names one of several things, `ValuesTest` has each name tell a proxy something of its own; which do not
            and why stands in `same-values.txt` beside the meshes.
            """;

    private Page() {}

    static void check(Path page, String rows) throws IOException {
        String text = HEAD + rows;
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(page, text);
        }
        assertThat(page).content().isEqualTo(text);
    }
}
