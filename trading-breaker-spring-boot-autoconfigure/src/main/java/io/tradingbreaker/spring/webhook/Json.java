package io.tradingbreaker.spring.webhook;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes flat objects of texts and numbers as JSON, in ASCII. Text of any kind is escaped; what is null stays null. */
final class Json {

    private Json() {}

    static String of(Map<String, @Nullable Object> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((key, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            text(json, key);
            json.append(':');
            value(json, value);
        });
        return json.append('}').toString();
    }

    private static void value(StringBuilder json, @Nullable Object value) {
        if (value == null || (value instanceof Number number && !Double.isFinite(number.doubleValue()))) {
            json.append("null");
        } else if (value instanceof Number number) {
            json.append(number);
        } else {
            text(json, value.toString());
        }
    }

    private static void text(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
