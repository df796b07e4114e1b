package io.tradingbreaker;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the breakers of one registry share. */
record SharedParts(
        BreakerClock clock,
        RecoveryScheduler scheduler,
        LocalPauses pauses,
        Supplier<? extends List<? extends StateChangeListener>> listeners,
        Supplier<? extends List<? extends HealthChecker>> checkers,
        Supplier<? extends List<? extends OutcomeClassifier>> classifiers,
        Operators operators,
        Retuner retuner,
        @Nullable Observing observing) {}
