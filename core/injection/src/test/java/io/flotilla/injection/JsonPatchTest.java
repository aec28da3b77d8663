package io.flotilla.injection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
    @Test
    void addsReplacesAndRemovesFields() {
        assertThat(patch(Tree.of("a", 1, "b", 2, "c", 3), Tree.of("a", 1, "b", 4, "d/e", 5)))
                .containsExactly(
                        "{\"op\":\"replace\",\"path\":\"/b\",\"value\":4}",
                        "{\"op\":\"remove\",\"path\":\"/c\"}",
                        "{\"op\":\"add\",\"path\":\"/d~1e\",\"value\":5}");
    }

    @Test
    void grownListGetsOneStepForEachNewOrChangedElement() {
        Map<String, Object> before = Tree.of("l", List.of(Tree.of("name", "x", "v", 1), Tree.of("name", "y")));
        Map<String, Object> after =
                Tree.of("l", List.of(Tree.of("name", "w"), Tree.of("name", "x", "v", 2), Tree.of("name", "y"), "z"));
        assertThat(patch(before, after))
                .containsExactly(
                        "{\"op\":\"add\",\"path\":\"/l/0\",\"value\":{\"name\":\"w\"}}",
                        "{\"op\":\"replace\",\"path\":\"/l/1/v\",\"value\":2}",
                        "{\"op\":\"add\",\"path\":\"/l/3\",\"value\":\"z\"}");
    }

    @Test
    void otherListsAreReplaced() {
        assertThat(patch(Tree.of("l", List.of(1, 2)), Tree.of("l", List.of(2))))
                .containsExactly("{\"op\":\"replace\",\"path\":\"/l\",\"value\":[2]}");
    }

    @Test
    void textsAreEscaped() {
        assertThat(JsonText.write("a\"b\\c\nd\te\u0001")).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001\"");
    }

    private static List<String> patch(Map<String, Object> before, Map<String, Object> after) {
        return JsonPatch.between(before, after).stream()
                .map(operation -> JsonText.write(operation.tree()))
                .toList();
    }
}
