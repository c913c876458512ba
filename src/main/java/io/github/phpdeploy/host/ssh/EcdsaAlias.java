package io.github.phpdeploy.host.ssh;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;

/**
 * Makes the JDK's key factory for elliptic curves known under the name by which sshj asks for it: "ECDSA" is
 * BouncyCastle's name for what the JDK calls "EC".
 */
final class EcdsaAlias extends Provider {

    private static final long serialVersionUID = 1L;

    EcdsaAlias() {
        super("php-maven-plugin-ecdsa", "1", "the JDK's EC key factory under the name ECDSA");
        putService(new Service(this, "KeyFactory", "ECDSA", EcKeyFactory.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                return new EcKeyFactory(KeyFactory.getInstance("EC"));
            }
        });
    }

    private static final class EcKeyFactory extends KeyFactorySpi {

        private final KeyFactory jdk;

        EcKeyFactory(KeyFactory jdk) {
            this.jdk = jdk;
        }

        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            return jdk.generatePublic(spec);
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
            return jdk.generatePrivate(spec);
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) throws InvalidKeySpecException {
            return jdk.getKeySpec(key, type);
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            return jdk.translateKey(key);
        }
    }
}
