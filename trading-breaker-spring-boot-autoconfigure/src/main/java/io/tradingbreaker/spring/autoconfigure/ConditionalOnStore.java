package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Matches where halts are to be kept in that kind of store. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Conditional(OnStoreCondition.class)
@interface ConditionalOnStore {

    Store.Type value();
}
