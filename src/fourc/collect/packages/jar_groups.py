"""Which Maven group a jar without `pom.properties` belongs to."""

# What Gradle, Ant or sbt built and published without `pom.properties`, by how the artifact's name begins; the longest
# beginning decides. A trailing `-` stands for all artifacts that begin so, else the name is meant whole.
_GROUPS = {
    "activemq-": "org.apache.activemq",
    "akka-": "com.typesafe.akka",
    "annotations": "org.jetbrains",
    "ant": "org.apache.ant",
    "antlr4-": "org.antlr",
    "asm": "org.ow2.asm",
    "asm-": "org.ow2.asm",
    "assertj-": "org.assertj",
    "bcmail-": "org.bouncycastle",
    "bcpg-": "org.bouncycastle",
    "bcpkix-": "org.bouncycastle",
    "bcprov-": "org.bouncycastle",
    "bctls-": "org.bouncycastle",
    "bcutil-": "org.bouncycastle",
    "byte-buddy": "net.bytebuddy",
    "caffeine": "com.github.ben-manes.caffeine",
    "catalina": "org.apache.tomcat",
    "catalina-": "org.apache.tomcat",
    "commons-compress": "org.apache.commons",
    "commons-text": "org.apache.commons",
    "connect-": "org.apache.kafka",
    "coyote": "org.apache.tomcat",
    "derby": "org.apache.derby",
    "dom4j": "org.dom4j",
    "elasticsearch": "org.elasticsearch",
    "elasticsearch-": "org.elasticsearch",
    "freemarker": "org.freemarker",
    "groovy": "org.codehaus.groovy",
    "groovy-": "org.codehaus.groovy",
    "grpc-": "io.grpc",
    "h2": "com.h2database",
    "hibernate-": "org.hibernate",
    "hsqldb": "org.hsqldb",
    "jackson-module-scala_": "com.fasterxml.jackson.module",
    "jasper": "org.apache.tomcat",
    "jedis": "redis.clients",
    "jna": "net.java.dev.jna",
    "jna-": "net.java.dev.jna",
    "junit": "junit",
    "junit-jupiter": "org.junit.jupiter",
    "junit-jupiter-": "org.junit.jupiter",
    "junit-platform-": "org.junit.platform",
    "kafka-": "org.apache.kafka",
    "kafka_": "org.apache.kafka",
    "kotlin-": "org.jetbrains.kotlin",
    "kotlinx-coroutines-": "org.jetbrains.kotlinx",
    "kotlinx-serialization-": "org.jetbrains.kotlinx",
    "ktor-": "io.ktor",
    "logging-interceptor": "com.squareup.okhttp3",
    "lombok": "org.projectlombok",
    "lucene-": "org.apache.lucene",
    "micrometer-": "io.micrometer",
    "mockito-": "org.mockito",
    "mongo-java-driver": "org.mongodb",
    "mongodb-driver-": "org.mongodb",
    "mssql-jdbc": "com.microsoft.sqlserver",
    "mysql-connector-j": "com.mysql",
    "mysql-connector-java": "mysql",
    "okhttp": "com.squareup.okhttp3",
    "okio": "com.squareup.okio",
    "okio-": "com.squareup.okio",
    "opensearch": "org.opensearch",
    "opensearch-": "org.opensearch",
    "opentelemetry-": "io.opentelemetry",
    "postgresql": "org.postgresql",
    "quartz": "org.quartz-scheduler",
    "reactive-streams": "org.reactivestreams",
    "reactor-core": "io.projectreactor",
    "reactor-netty": "io.projectreactor.netty",
    "reactor-netty-": "io.projectreactor.netty",
    "retrofit": "com.squareup.retrofit2",
    "rxjava": "io.reactivex.rxjava3",
    "scala-compiler": "org.scala-lang",
    "scala-library": "org.scala-lang",
    "scala-reflect": "org.scala-lang",
    "shiro-": "org.apache.shiro",
    "simpleclient": "io.prometheus",
    "simpleclient_": "io.prometheus",
    "solr-": "org.apache.solr",
    "spring-aop": "org.springframework",
    "spring-aspects": "org.springframework",
    "spring-beans": "org.springframework",
    "spring-boot": "org.springframework.boot",
    "spring-boot-": "org.springframework.boot",
    "spring-cloud-": "org.springframework.cloud",
    "spring-context": "org.springframework",
    "spring-context-": "org.springframework",
    "spring-core": "org.springframework",
    "spring-data-": "org.springframework.data",
    "spring-expression": "org.springframework",
    "spring-instrument": "org.springframework",
    "spring-integration-": "org.springframework.integration",
    "spring-jcl": "org.springframework",
    "spring-jdbc": "org.springframework",
    "spring-jms": "org.springframework",
    "spring-kafka": "org.springframework.kafka",
    "spring-ldap-": "org.springframework.ldap",
    "spring-messaging": "org.springframework",
    "spring-orm": "org.springframework",
    "spring-oxm": "org.springframework",
    "spring-r2dbc": "org.springframework",
    "spring-security-": "org.springframework.security",
    "spring-session-": "org.springframework.session",
    "spring-test": "org.springframework",
    "spring-tx": "org.springframework",
    "spring-web": "org.springframework",
    "spring-webflux": "org.springframework",
    "spring-webmvc": "org.springframework",
    "spring-websocket": "org.springframework",
    "spring-ws-": "org.springframework.ws",
    "sqlite-jdbc": "org.xerial",
    "tomcat-": "org.apache.tomcat",
    "tomcat-embed-": "org.apache.tomcat.embed",
    "velocity": "org.apache.velocity",
    "xalan": "xalan",
    "xercesImpl": "xerces",
    "xml-apis": "xml-apis",
    "xmlsec": "org.apache.santuario",
    "zookeeper": "org.apache.zookeeper",
}
_LONGEST = max(map(len, _GROUPS))


def group_of(artifact: str, vendor: str, symbolic: str, module: str) -> str:
    """The group of an artifact: the vendor's id, else a known one, else what the bundle's or the module's name begins with.

    Bundles and modules are called as their packages are (`org.apache.commons.lang3`), which mostly begin with the group.
    """
    if "." in vendor:
        return vendor
    if (known := _GROUPS.get(artifact)) is not None:
        return known
    for length in range(min(len(artifact), _LONGEST), 1, -1):
        beginning = artifact[:length]
        if beginning.endswith(("-", "_")) and (known := _GROUPS.get(beginning)) is not None:
            return known
    for name in (symbolic, module):
        group, dot, last = name.rpartition(".")
        if dot and "." in group and " " not in name:
            return group if last.lower() in artifact.lower() or artifact.lower() in last.lower() else name
        if dot and last.lower() == artifact.lower():
            return group
    return ""
