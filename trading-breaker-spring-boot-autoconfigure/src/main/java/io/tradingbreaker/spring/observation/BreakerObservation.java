package io.tradingbreaker.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations that there are. */
public enum BreakerObservation implements ObservationDocumentation {

    /** A guarded call, from its admission to its end, or its refusal. Joined calls have none of their own. */
    CALL {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultBreakerCallConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return CallKey.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighKey.values();
        }
    },

    /** A change of state, a moment only; in the trace of the call or the request that caused it, if one did. */
    TRANSITION {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultTransitionConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return TransitionKey.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighKey.values();
        }
    };

    /** Keys of {@link #CALL}. */
    public enum CallKey implements KeyName {
        /** The name of the breaker that was asked; of a keyed one, its template's. */
        BREAKER("breaker"),
        /** What the call does to the risk on the books: {@code open-risk}, {@code reduce}, {@code cancel}, {@code query}. */
        INTENT("intent"),
        /** A {@link BreakerCallContext.Ending}, in lower case. */
        OUTCOME("outcome"),
        /** The state at admission, or of the breaker that refused. */
        STATE("state"),
        /** The rule behind the state that refused; {@code none} for a call that was let in. */
        REJECTION_REASON("rejection.reason"),
        /** The breaker that refused, without its key, the one asked or a level above it; {@code none} for a call that was let in. */
        REJECTED_BY("rejected.by");

        private final String key;

        CallKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of {@link #TRANSITION}. */
    public enum TransitionKey implements KeyName {
        /** The name of the breaker; of a keyed one, its template's. */
        BREAKER("breaker"),
        /** The state before. */
        FROM("from"),
        /** The state after. */
        TO("to"),
        /** The rule that decided. */
        RULE("rule");

        private final String key;

        TransitionKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys that only traces have: their values are many. */
    public enum HighKey implements KeyName {
        /** The whole name of a keyed breaker; absent for others. */
        KEYED_BREAKER("breaker.keyed");

        private final String key;

        HighKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
