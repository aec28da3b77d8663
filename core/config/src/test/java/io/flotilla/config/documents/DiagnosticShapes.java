package io.flotilla.config.documents;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Every diagnostic that the sources can give, found by reading them: calls of error, warning, require and their like,
 * with the code and the message as a pattern in which everything that is not a literal stands for any text.
 */
final class DiagnosticShapes {
    private static final Set<String> REPORTERS = Set.of("error", "warning", "require", "problem", "broken");
    private static final Pattern CODE = Pattern.compile("FL\\d{4}");
    private static final String ANY = ".*";

    private DiagnosticShapes() {}

    /** One diagnostic: where it is given, its code (or any), its message as a pattern. */
    record Shape(String place, String code, String message) {
        boolean matches(String finding) {
            return Pattern.compile(code + " .*: " + message, Pattern.DOTALL)
                    .matcher(finding)
                    .matches();
        }
    }

    static List<Shape> in(Path sources) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        List<Shape> shapes = new ArrayList<>();
        try (var files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> walk = Files.walk(sources)) {
            List<Path> java = walk.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(java));
            for (var unit : task.parse()) {
                String name =
                        Path.of(unit.getSourceFile().getName()).getFileName().toString();
                Map<String, ExpressionTree> variables = new HashMap<>();
                unit.accept(new Variables(), variables);
                unit.accept(
                        new TreeScanner<@Nullable Void, List<Shape>>() {
                            @Override
                            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, List<Shape> found) {
                                if (REPORTERS.contains(method(call))) {
                                    long line = unit.getLineMap()
                                            .getLineNumber(com.sun.source.util.Trees.instance(task)
                                                    .getSourcePositions()
                                                    .getStartPosition(unit, call));
                                    add(name + ":" + line, call, variables, found);
                                }
                                return super.visitMethodInvocation(call, found);
                            }
                        },
                        shapes);
            }
        }
        return shapes;
    }

    private static String method(MethodInvocationTree call) {
        return switch (call.getMethodSelect()) {
            case MemberSelectTree select -> select.getIdentifier().toString();
            case IdentifierTree identifier -> identifier.getName().toString();
            default -> "";
        };
    }

    /** A call with a code as an argument of its own; the message is the last argument. */
    private static void add(
            String place, MethodInvocationTree call, Map<String, ExpressionTree> variables, List<Shape> found) {
        List<? extends ExpressionTree> arguments = call.getArguments();
        if (arguments.size() < 3) {
            return;
        }
        String code = arguments.stream()
                .map(each -> literal(each, variables))
                .filter(each -> CODE.matcher(each).matches())
                .findFirst()
                .orElse("FL\\d{4}");
        for (String message : patterns(arguments.getLast(), variables, 0)) {
            if (!message.equals(ANY)) {
                found.add(new Shape(place, code, message));
            }
        }
    }

    private static String literal(ExpressionTree tree, Map<String, ExpressionTree> variables) {
        return switch (tree) {
            case LiteralTree literal -> String.valueOf(literal.getValue());
            case IdentifierTree name
            when variables.get(name.getName().toString()) instanceof LiteralTree value ->
                String.valueOf(value.getValue());
            default -> "";
        };
    }

    /** The alternatives of a message. */
    private static List<String> patterns(ExpressionTree tree, Map<String, ExpressionTree> variables, int depth) {
        return switch (tree) {
            case LiteralTree literal -> List.of(Pattern.quote(String.valueOf(literal.getValue())));
            case ParenthesizedTree inner -> patterns(inner.getExpression(), variables, depth);
            case ConditionalExpressionTree choice -> {
                List<String> both = new ArrayList<>(patterns(choice.getTrueExpression(), variables, depth));
                both.addAll(patterns(choice.getFalseExpression(), variables, depth));
                yield both;
            }
            case BinaryTree sum -> {
                List<String> all = new ArrayList<>();
                for (String left : patterns(sum.getLeftOperand(), variables, depth)) {
                    patterns(sum.getRightOperand(), variables, depth).forEach(right -> all.add(left + right));
                }
                yield all;
            }
            case IdentifierTree name
            when depth < 3 -> {
                ExpressionTree value = variables.get(name.getName().toString());
                yield value == null || !isText(value) ? List.of(ANY) : patterns(value, variables, depth + 1);
            }
            case NewClassTree ignored -> List.of(ANY);
            default -> List.of(ANY);
        };
    }

    private static boolean isText(ExpressionTree tree) {
        return switch (tree) {
            case LiteralTree literal -> literal.getValue() instanceof String;
            case ConditionalExpressionTree choice ->
                isText(choice.getTrueExpression()) && isText(choice.getFalseExpression());
            case BinaryTree sum -> isText(sum.getLeftOperand()) || isText(sum.getRightOperand());
            case ParenthesizedTree inner -> isText(inner.getExpression());
            default -> false;
        };
    }

    /** What variables and constants are given where they are declared. */
    private static final class Variables extends TreeScanner<@Nullable Void, Map<String, ExpressionTree>> {
        @Override
        public @Nullable Void visitVariable(VariableTree variable, Map<String, ExpressionTree> into) {
            if (variable.getInitializer() != null
                    && variable.getType() != null
                    && variable.getType().toString().equals("String")) {
                into.putIfAbsent(variable.getName().toString(), variable.getInitializer());
            }
            return super.visitVariable(variable, into);
        }
    }
}
