package io.tradingbreaker;

import io.tradingbreaker.DrillReport.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Asks a breaker for permits as its users do, with all its levels, and gives them back as calls without an outcome or a
 * latency. What was asked stays in the accounts: one call that was refused, and one ignored for each intent that passes.
 */
final class DrillCalls {

    private final TradingBreaker breaker;
    private final LongSupplier nanosSoFar;

    DrillCalls(TradingBreaker breaker, LongSupplier nanosSoFar) {
        this.breaker = breaker;
        this.nanosSoFar = nanosSoFar;
    }

    List<Check> make() {
        return List.of(refusal(), passage());
    }

    private Check refusal() {
        try {
            breaker.acquire(Intent.OPEN_RISK).discarded();
        } catch (TradingPausedException refused) {
            return check("refuses", true, "a call that opens risk was refused by '" + refused.breaker() + "'");
        }
        return breaker.mode() == BreakerMode.OBSERVE
                ? check("refuses", true, "mode observe refuses nothing: a call that opens risk ran and was counted")
                : check("refuses", false, "a call that opens risk was let through");
    }

    private Check passage() {
        List<String> passed = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Intent intent : Intent.values()) {
            if (!breaker.config().pass().contains(intent)) {
                continue;
            }
            try {
                breaker.acquire(intent).discarded();
                passed.add(intent.name());
            } catch (TradingPausedException e) {
                refused.add(intent.name() + " by '" + e.breaker() + "'");
            }
        }
        String detail = passed.isEmpty() ? "none passed" : "passed: " + String.join(", ", passed);
        return check(
                "passes",
                refused.isEmpty(),
                refused.isEmpty() ? detail : detail + "; refused: " + String.join(", ", refused));
    }

    private Check check(String name, boolean passed, String detail) {
        return new Check(name, passed, detail, Duration.ofNanos(nanosSoFar.getAsLong()));
    }
}
