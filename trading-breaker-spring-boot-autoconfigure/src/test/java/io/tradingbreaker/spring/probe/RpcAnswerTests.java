package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.FilteredClassLoader;

class RpcAnswerTests {

    private final ClassLoader own = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void restore() {
        Thread.currentThread().setContextClassLoader(own);
    }

    @ParameterizedTest
    @CsvSource({
        "JacksonJsonParser, none",
        "GsonJsonParser, com.fasterxml tools.jackson",
        "BasicJsonParser, com.fasterxml tools.jackson com.google.gson"
    })
    void slot_isReadWithWhicheverParserThereIs(String parser, String without) {
        Thread.currentThread().setContextClassLoader(new FilteredClassLoader(without.split(" ", -1)));
        assertThat(JsonParserFactory.getJsonParser().getClass().getSimpleName()).isEqualTo(parser);
        assertThat(slot("250000001")).isEqualTo(250_000_001L);
        assertThat(slot("1.5")).isNull();
        assertThat(slot("-1")).isNull();
        assertThat(slot("18446744073709551615")).isNull();
    }

    private static Long slot(String result) {
        return RpcAnswer.of("getSlot", 1, "{\"jsonrpc\":\"2.0\",\"result\":" + result + ",\"id\":1}")
                .slot();
    }
}
