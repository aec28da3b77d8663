package io.flotilla.galley;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebugPageTest {
    @Test
    void whatUsersWriteIsEscaped() {
        DebugPage page = new DebugPage("Galley");
        page.table("Problems", "message");
        page.row("<script>\"&");
        assertThat(page.html()).contains("<td>&lt;script&gt;&quot;&amp;</td>").doesNotContain("<script>");
    }
}
