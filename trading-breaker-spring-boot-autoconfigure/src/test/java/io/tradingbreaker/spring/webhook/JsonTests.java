package io.tradingbreaker.spring.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

class JsonTests {

    @Test
    void fields_inOrder() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", "a \"b\" \\ \n\u2028é😀");
        fields.put("whole", 5L);
        fields.put("fraction", 1.5);
        fields.put("nothing", null);
        fields.put("endless", Double.POSITIVE_INFINITY);

        assertThat(Json.of(fields))
                .isEqualTo("{\"text\":\"a \\\"b\\\" \\\\ \\u000a\\u2028\\u00e9\\ud83d\\ude00\",\"whole\":5,"
                        + "\"fraction\":1.5,\"nothing\":null,\"endless\":null}");
        assertThat(Json.of(Map.of())).isEqualTo("{}");
    }

    @Test
    void anyText_isReadBackAsItWas() {
        Random random = new Random(4711);
        for (int i = 0; i < 1_000; i++) {
            String text = random.ints(random.nextInt(20), 0, 0xD800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            Map<String, Object> fields = Map.of("k" + text, text);

            assertThat(JsonParserFactory.getJsonParser().parseMap(Json.of(fields)))
                    .isEqualTo(fields);
        }
    }
}
