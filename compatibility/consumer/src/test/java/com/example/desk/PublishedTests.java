package com.example.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What Maven Central demands of all that is published, and what every build tool can read of it. */
class PublishedTests {

    private static final String GROUP = "io/tradingbreaker";
    private static final String BOM = "trading-breaker-bom";
    private static final String VERSION = System.getProperty("published.version");
    private static final Path REPOSITORY = Path.of(URI.create(System.getProperty("published.repository")));

    static Set<String> published() throws IOException {
        try (Stream<Path> folders = Files.list(REPOSITORY.resolve(GROUP))) {
            return new TreeSet<>(
                    folders.map(folder -> folder.getFileName().toString()).toList());
        }
    }

    @Test
    void published_isThatAndNoMore() throws IOException {
        assertThat(published())
                .containsExactly(
                        BOM,
                        "trading-breaker-core",
                        "trading-breaker-spring-boot-autoconfigure",
                        "trading-breaker-spring-boot-starter",
                        "trading-breaker-spring-boot3-support",
                        "trading-breaker-test");
    }

    @Test
    void bom_managesAllThatIsPublishedAndNothingElse() throws Exception {
        Set<String> others = published();
        others.remove(BOM);

        assertThat(dependencies(BOM)
                        .map(dependency -> text(dependency, "groupId") + " " + text(dependency, "artifactId") + " "
                                + text(dependency, "version")))
                .containsExactlyElementsOf(others.stream()
                        .map(name -> "io.tradingbreaker " + name + " " + VERSION)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("published")
    void pom_hasWhatCentralDemandsAndStandsAlone(String name) throws Exception {
        Element pom = pom(name);

        assertThat(List.of("name", "description", "url", "licenses", "developers", "scm"))
                .allSatisfy(element -> assertThat(text(pom, element)).isNotBlank());
        assertThat(List.of("parent", "build", "properties", "repositories", "profiles", "modules"))
                .allSatisfy(element -> assertThat(child(pom, element)).isNull());
        assertThat(Files.readString(file(name, ".pom"))).doesNotContain("${");
        assertThat(text(pom, "url")).isEqualTo("https://github.com/trading-breaker/trading-breaker");
    }

    @ParameterizedTest
    @MethodSource("published")
    void dependencies_haveVersionsAndForceNoNewerSpring(String name) throws Exception {
        assertThat(dependencies(name)).allSatisfy(dependency -> {
            assertThat(text(dependency, "version")).isNotBlank();
            assertThat(text(dependency, "scope")).isNotEqualTo("test");
            if (text(dependency, "groupId").startsWith("org.springframework")
                    && !"true".equals(text(dependency, "optional"))) {
                assertThat(text(dependency, "version")).matches("3\\.5\\..*|6\\.2\\..*");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("published")
    void jar_hasSourcesJavadocAndBillOfMaterials(String name) throws IOException {
        assertThat(Files.readString(file(name, "-cyclonedx.json"))).contains("\"bomFormat\" : \"CycloneDX\"");
        if (!name.equals(BOM)) {
            assertThat(List.of(".jar", "-sources.jar", "-javadoc.jar"))
                    .allSatisfy(end -> assertThat(file(name, end)).isNotEmptyFile());
        }
    }

    /** A snapshot's file has its time in its name. */
    private static Path file(String name, String end) throws IOException {
        try (Stream<Path> files = Files.list(REPOSITORY.resolve(GROUP).resolve(name).resolve(VERSION))) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches(name + "-[0-9.-]+" + end.replace(".", "\\.")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " has no file " + end));
        }
    }

    private static Element pom(String name) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file(name, ".pom").toFile())
                .getDocumentElement();
    }

    private static Stream<Element> dependencies(String name) throws Exception {
        NodeList found = pom(name).getElementsByTagName("dependency");
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    private static Element child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return (Element) node;
            }
        }
        return null;
    }

    private static String text(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? "" : child.getTextContent().strip();
    }
}
