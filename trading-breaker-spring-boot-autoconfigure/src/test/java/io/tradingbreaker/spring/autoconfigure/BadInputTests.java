package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Starts a real application with each bad input and reads all that it prints about it. */
@ExtendWith(OutputCaptureExtension.class)
class BadInputTests {

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.tradingbreaker.spring.autoconfigure.BadInput#all")
    void badInput_stopsStartInPlainWords(BadInput input, CapturedOutput output) throws IOException {
        FailedStart.of(input, directory);

        assertThat(FailedStart.in(output.toString())).isEqualTo(new FailedStart(input.description(), input.action()));
    }

    @Test
    void cases_haveNamesOfTheirOwn() {
        assertThat(BadInput.all().map(BadInput::name)).doesNotHaveDuplicates().hasSizeGreaterThan(90);
    }

    @Test
    void everyPropertyThereIs_hasBadInput() throws IOException {
        Set<String> blamed = BadInput.all().map(BadInput::property).collect(Collectors.toSet());

        assertThat(blamed).containsAll(properties());
    }

    private static List<String> properties() throws IOException {
        try (InputStream metadata =
                BadInputTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
            List<?> properties =
                    (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
            List<String> ours = properties.stream()
                    .map(property -> (String) ((Map<?, ?>) property).get("name"))
                    .filter(name -> name.startsWith("trading-breaker."))
                    .toList();
            assertThat(ours).contains("trading-breaker.defaults.p99-threshold", "trading-breaker.enabled");
            return ours;
        }
    }
}
