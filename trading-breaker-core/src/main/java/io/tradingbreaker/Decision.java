package io.tradingbreaker;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the thread that decided a transition was doing, for the thread that tells of it: log lines there carry the same
 * diagnostic context, and so the trace that the deciding call belongs to. Immutable.
 *
 * @param context the diagnostic context; null or empty if there was none
 * @param observer told first; null if nobody observes
 */
record Decision(
        @Nullable Map<String, String> context, @Nullable StateChangeListener observer) {

    static final Decision UNKNOWN = new Decision(null, null);

    /** Of this thread. */
    static Decision now(@Nullable Observing observing) {
        return observing == null ? new Decision(diagnosticContext(), null) : observing.decide();
    }

    static @Nullable Map<String, String> diagnosticContext() {
        return MDC.getCopyOfContextMap();
    }

    /** Runs something in the diagnostic context of the decision, and leaves this thread with its own. */
    void tell(Runnable telling) {
        if (context == null || context.isEmpty()) {
            telling.run();
            return;
        }
        Map<String, String> before = diagnosticContext();
        MDC.setContextMap(context);
        try {
            telling.run();
        } finally {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(before);
            }
        }
    }
}
