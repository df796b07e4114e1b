package io.tradingbreaker;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Looks for results that no sequential order of a subclass's operations explains. Only in the profile {@code lincheck},
 * as many times as its property {@code lincheck.scale} says.
 */
public abstract class Lincheck {

    private static final int SCALE = Integer.getInteger("lincheck.scale", 1);

    // Figures for people, worked out by one thread alone.
    private static final String[] EXPLANATIONS = {
        Distribution.class.getName(), Text.class.getName(), AllowedOver.class.getName(), RecoveryPolicy.class.getName()
    };

    /** Explores the interleavings of random scenarios one by one; finds any wait of one thread for another as well. */
    @Test
    @EnabledIfSystemProperty(named = "lincheck.scale", matches = "\\d+")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void explored() {
        scenarios(new ModelCheckingOptions())
                .invocationsPerIteration(200)
                .checkObstructionFreedom(isLockFree())
                .loopIterationsBeforeThreadSwitch(50)
                .addGuarantee(forClasses(EXPLANATIONS).allMethods().ignore())
                .addGuarantee(
                        forClasses(Publisher.class.getName()).methods("log").ignore())
                // A map that locks a bin for a moment, on transitions only.
                .addGuarantee(
                        forClasses(Accounts.class.getName()).methods("count").treatAsAtomic())
                .check(getClass());
    }

    /** Runs random scenarios on real threads. */
    @Test
    @EnabledIfSystemProperty(named = "lincheck.scale", matches = "\\d+")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void stressed() {
        scenarios(new StressOptions()).invocationsPerIteration(200).check(getClass());
    }

    private static <O extends Options<O, ?>> O scenarios(O options) {
        return options.iterations(15 * SCALE)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(1);
    }

    boolean isLockFree() {
        return true;
    }

    /** For validations; AssertJ's assertions cannot run under the model checker. */
    static void same(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": " + actual + " instead of " + expected);
        }
    }
}
