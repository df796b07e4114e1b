package io.tradingbreaker.spring.http;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What each status means: a failure, nothing, or else a success. Immutable. */
final class StatusOutcomes {

    private static final int FIRST = 100;
    private static final int AFTER_LAST = 600;
    private static final Pattern FORM = Pattern.compile("[1-5](xx|\\d\\d)");

    private final Outcome[] byStatus = new Outcome[AFTER_LAST - FIRST];

    /** @throws InvalidConfigException for a status that there is not, or one that means both */
    StatusOutcomes(List<String> failures, List<String> ignored) {
        List<String> failing = normal("failure-status", failures);
        List<String> passedOver = normal("ignored-status", ignored);
        passedOver.stream().filter(failing::contains).findFirst().ifPresent(both -> {
            throw new InvalidConfigException("ignored-status", both, "must not be in failure-status as well");
        });
        Arrays.fill(byStatus, Outcome.SUCCESS);
        for (boolean isClass : new boolean[] {true, false}) {
            set(failing, isClass, Outcome.FAILURE);
            set(passedOver, isClass, Outcome.DISCARDED);
        }
    }

    /** A number that is no status at all is a failure. */
    Outcome of(int status) {
        return status >= FIRST && status < AFTER_LAST ? byStatus[status - FIRST] : Outcome.FAILURE;
    }

    private void set(List<String> statuses, boolean isClass, Outcome outcome) {
        for (String status : statuses) {
            if (status.endsWith("xx") == isClass) {
                int from = Integer.parseInt(status.replace('x', '0')) - FIRST;
                Arrays.fill(byStatus, from, from + (isClass ? 100 : 1), outcome);
            }
        }
    }

    private static List<String> normal(String property, List<String> statuses) {
        return statuses.stream()
                .map(status -> {
                    String normal = status.strip().toLowerCase(Locale.ROOT);
                    if (!FORM.matcher(normal).matches()) {
                        throw new InvalidConfigException(
                                property, status, "must be a status from 100 to 599, or a class of them such as 5xx");
                    }
                    return normal;
                })
                .toList();
    }
}
