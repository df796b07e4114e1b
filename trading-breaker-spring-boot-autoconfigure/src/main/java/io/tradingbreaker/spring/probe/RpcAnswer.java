package io.tradingbreaker.spring.probe;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParserFactory;

/**
 * What a node answered to a JSON-RPC call.
 *
 * @param result null if there is none
 * @param error what is wrong, for people; null if nothing is
 */
record RpcAnswer(@Nullable Object result, @Nullable String error) {

    private static final int UNHEALTHY = -32005;
    /** An answer has a handful; a JSON parser should not be made to recurse by what comes from outside. */
    private static final int MOST_BRACKETS = 100;
    /** Up to here a double holds every whole number. */
    private static final double LARGEST_EXACT = 1L << 53;

    static RpcAnswer failed(String error) {
        return new RpcAnswer(null, error);
    }

    static RpcAnswer of(String method, long id, String json) {
        if (json.chars()
                        .filter(c -> c == '{' || c == '[')
                        .limit(MOST_BRACKETS + 1L)
                        .count()
                > MOST_BRACKETS) {
            return failed(method + ": the answer is nested too deeply");
        }
        Map<String, Object> answer;
        try {
            answer = JsonParserFactory.getJsonParser().parseMap(json);
        } catch (RuntimeException e) {
            return failed(method + ": the answer is no JSON object");
        }
        if (answer.get("error") instanceof Map<?, ?> error) {
            return failed(method + ": " + words(error));
        }
        if (!(answer.get("id") instanceof Number number) || number.doubleValue() != id) {
            return failed(method + ": the answer is to another request");
        }
        return new RpcAnswer(answer.get("result"), null);
    }

    private static String words(Map<?, ?> error) {
        if (!(error.get("code") instanceof Number code)) {
            return "an error without a code";
        }
        if (code.longValue() != UNHEALTHY) {
            return "error " + code.longValue() + ", " + error.get("message");
        }
        return error.get("data") instanceof Map<?, ?> data && data.get("numSlotsBehind") instanceof Number slots
                ? "the node is " + slots.longValue() + " slots behind"
                : "the node is unhealthy, its lag unknown";
    }

    /** The result as a slot; null if it is none. Gson reads every number as a double. */
    @Nullable
    Long slot() {
        if (!(result instanceof Number number)) {
            return null;
        }
        double value = number.doubleValue();
        boolean isWhole = number instanceof Long
                || number instanceof Integer
                || (number instanceof Double && value == Math.rint(value) && value <= LARGEST_EXACT);
        return isWhole && number.longValue() >= 0 ? (Long) number.longValue() : null;
    }
}
