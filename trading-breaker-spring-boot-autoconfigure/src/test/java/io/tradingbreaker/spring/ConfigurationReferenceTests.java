package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

class ConfigurationReferenceTests {

    private static final Path REFERENCE = Path.of("../docs/configuration.md");
    private static final String COMMAND = "./mvnw -pl trading-breaker-spring-boot-autoconfigure -am test"
            + " -Dtest=ConfigurationReferenceTests -Dsurefire.failIfNoSpecifiedTests=false -Dconfiguration.write";

    @Test
    void reference_isWhatTheMetadataSays() throws IOException {
        String metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json")
                .getContentAsString(StandardCharsets.UTF_8);
        String expected = new ConfigurationReference(metadata).markdown(COMMAND);
        if (System.getProperty("configuration.write") != null) {
            Files.writeString(REFERENCE, expected);
        }

        assertThat(Files.readString(REFERENCE))
                .as("docs/configuration.md is out of date; to make it anew: %s", COMMAND)
                .isEqualTo(expected);
    }

    @Test
    void textOfTheMetadata_cannotBreakATable() throws IOException {
        String metadata = """
                {"groups": [], "hints": [], "properties": [{"name": "a.b", "type": "java.lang.String",
                  "description": "One | two <br>.", "defaultValue": ""}]}
                """;

        assertThat(new ConfigurationReference(metadata).markdown("x"))
                .endsWith("\n| `b` | text | empty | One \\| two &lt;br>. |\n");
    }
}
