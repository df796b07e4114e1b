package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/architecture.md} to the sources: types with their members and places, packages, threads, locks, links. */
class ArchitectureDocTests {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOC = ROOT.resolve("docs/architecture.md");
    private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[`(\\w+)`]: (\\S+)$");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    /** A type, and perhaps a member of it. */
    private static final Pattern TYPE = Pattern.compile("([A-Z]\\w*[a-z]\\w*)((?:\\.\\w+)*)");

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern PACKAGE_ROW =
            Pattern.compile("(?m)^\\| `(io\\.[a-z0-9.]+)` \\| `([a-z0-9-]+)` \\| (.*) \\|$");
    private static final Pattern THREAD_ROW = Pattern.compile("(?m)^\\| `(trading-breaker-[a-z-]+)` \\| \\[?`(\\w+)`");
    /** The name of a thread where one is made. */
    private static final Pattern THREAD =
            Pattern.compile("(?:new Thread\\([^;]*?|scheduled\\(|pool\\()\"(trading-breaker-[a-z-]+)\"");

    private final String doc = read(DOC);
    private final String text = DEFINITION.matcher(doc).replaceAll("");
    private final Map<String, Path> places = places();

    @Test
    void everyTypeItNames_isAFileAtThePlaceItSays() {
        assertThat(namedTypes()).hasSizeGreaterThan(80).isEqualTo(places.keySet());
        places.forEach(
                (type, place) -> assertThat(place).as(type).isRegularFile().hasFileName(type + ".java"));
    }

    @Test
    void everyMemberItNames_isInThatFile() {
        codes().filter(code -> !code.group(2).isEmpty()).forEach(code -> {
            String source = read(places.get(code.group(1)));
            for (String member : code.group(2).substring(1).split("\\.", -1)) {
                assertThat(Pattern.compile("\\b" + member + "\\b")
                                .matcher(source)
                                .find())
                        .as(code.group())
                        .isTrue();
            }
        });
    }

    @Test
    void links_leadToFilesAndHeadings() {
        Set<String> headings = Pattern.compile("(?m)^#+ (.+)$")
                .matcher(text)
                .results()
                .map(heading -> anchor(heading.group(1)))
                .collect(Collectors.toSet());
        assertThat(LINK.matcher(text).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(
                                link.startsWith("#")
                                        ? headings.contains(link.substring(1))
                                        : Files.exists(DOC.resolveSibling(link)))
                        .isTrue());
    }

    @Test
    void packages_areAllThatArePublished_eachInItsModuleWithItsTypes() {
        Map<String, String> shown = new TreeMap<>();
        for (MatchResult row : PACKAGE_ROW.matcher(text).results().toList()) {
            shown.put(row.group(1), row.group(2));
            Path folder =
                    ROOT.resolve(row.group(2) + "/src/main/java/" + row.group(1).replace('.', '/'));
            types(row.group(3)).forEach(type -> assertThat(places.get(type)).hasParent(folder));
        }
        Map<String, String> actual = new TreeMap<>();
        for (Path source : sources()) {
            if (source.endsWith("package-info.java")) {
                Path inModule = ROOT.relativize(source);
                Path folder = inModule.subpath(4, inModule.getNameCount() - 1);
                actual.put(
                        folder.toString().replace('/', '.'), inModule.getName(0).toString());
            }
        }
        assertThat(shown).isEqualTo(actual);
    }

    @Test
    void threads_areAllThatAreMade() {
        Map<String, String> shown =
                THREAD_ROW.matcher(text).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        Map<String, String> actual = new TreeMap<>();
        for (Path source : sources()) {
            THREAD.matcher(read(source)).results().forEach(thread -> actual.put(thread.group(1), type(source)));
        }
        assertThat(shown).isEqualTo(actual).isNotEmpty();
    }

    @Test
    void locks_areAllOfTheCore() {
        assertThat(types(table("| Lock in |", 1)))
                .containsExactlyInAnyOrderElementsOf(core().stream()
                        .filter(source -> read(source).contains("java.util.concurrent.locks."))
                        .map(ArchitectureDocTests::type)
                        .toList());
    }

    @Test
    void core_isListedWhole() {
        assertThat(types(table("| Concern |", 3)))
                .containsExactlyInAnyOrderElementsOf(core().stream()
                        .map(ArchitectureDocTests::type)
                        .filter(type -> !type.equals("package-info"))
                        .toList());
    }

    /** The first cells of the rows of a table. */
    private String table(String header, int cells) {
        return text.substring(text.indexOf("\n" + header) + 1)
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).limit(cells + 1).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    private static List<Path> core() {
        return under(ROOT.resolve("trading-breaker-core/src/main/java")).toList();
    }

    private static String type(Path source) {
        String file = source.getFileName().toString();
        return file.substring(0, file.indexOf('.'));
    }

    private Set<String> namedTypes() {
        return codes().map(code -> code.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<MatchResult> codes() {
        return codes(text);
    }

    private static Stream<MatchResult> codes(String text) {
        return CODE.matcher(text)
                .results()
                .map(code -> TYPE.matcher(code.group(1)))
                .filter(type -> type.matches())
                .map(type -> type.toMatchResult());
    }

    private static Collection<String> types(String text) {
        return codes(text).map(code -> code.group(1)).toList();
    }

    private Map<String, Path> places() {
        return DEFINITION
                .matcher(doc)
                .results()
                .collect(Collectors.toMap(
                        place -> place.group(1),
                        place -> DOC.resolveSibling(place.group(2)).normalize(),
                        (first, second) -> first,
                        TreeMap::new));
    }

    /** The sources of all modules that are published. */
    private static List<Path> sources() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.filter(module -> module.getFileName().toString().startsWith("trading-breaker-"))
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ArchitectureDocTests::under)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> under(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A heading as GitHub links to it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
