// celcheck asks the code of Kubernetes itself about ValidatingAdmissionPolicies.
//
// It reads {"policies": [...], "object": {...}} from standard input and prints {"warnings": [...], "costs": {...}}: what the
// type checker of kube-controller-manager would write into each policy's status, and the runtime cost of each validation on
// the object, if there is one, as the API server counts it (one call may cost 1,000,000, one policy 10,000,000).
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta/testrestmapper"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

const budget = 1 << 40

type asked struct {
	Policies []v1.ValidatingAdmissionPolicy `json:"policies"`
	Object   map[string]any                 `json:"object"`
}

type told struct {
	Warnings []string         `json:"warnings"`
	Costs    map[string]int64 `json:"costs"`
}


func main() {
	if len(os.Args) > 1 { // what was built says its version
		fmt.Println("celcheck", version)
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var version = ""

func run() error {
	var in asked
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	out := told{Warnings: []string{}, Costs: map[string]int64{}}
	checker := &validating.TypeChecker{
		SchemaResolver: resolver.NewDefinitionsSchemaResolver(openapi.GetOpenAPIDefinitions, scheme.Scheme),
		RestMapper:     testrestmapper.TestOnlyStaticRESTMapper(scheme.Scheme),
	}
	for i := range in.Policies {
		policy := &in.Policies[i]
		for _, warning := range checker.Check(policy) {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s %s: %s", policy.Name, warning.FieldRef, warning.Warning))
		}
		if in.Object == nil {
			continue
		}
		for n, validation := range policy.Spec.Validations {
			cost, err := costOf(policy.Spec.Variables, validation.Expression, in.Object)
			if err != nil {
				return fmt.Errorf("%s validations[%d]: %w", policy.Name, n, err)
			}
			out.Costs[fmt.Sprintf("%s %d", policy.Name, n)] = cost
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func costOf(variables []v1.Variable, expression string, object map[string]any) (int64, error) {
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return 0, err
	}
	options := cel.OptionalVariableDeclarations{}
	named := make([]cel.NamedExpressionAccessor, 0, len(variables))
	for _, v := range variables {
		named = append(named, &validating.Variable{Name: v.Name, Expression: v.Expression})
	}
	compiler.CompileAndStoreVariables(named, options, environment.StoredExpressions)
	condition := compiler.CompileCondition(
		[]cel.ExpressionAccessor{&validating.ValidationCondition{Expression: expression}}, options, environment.StoredExpressions)
	thing := &unstructured.Unstructured{Object: object}
	kind := thing.GroupVersionKind()
	record := admission.NewAttributesRecord(thing, nil, kind, thing.GetNamespace(), thing.GetName(),
		kind.GroupVersion().WithResource("things"), "", admission.Create, nil, false, nil)
	attributes := &admission.VersionedAttributes{Attributes: record, VersionedObject: admission.NewLazyObject(thing), VersionedKind: kind}
	results, left, err := condition.ForInput(context.Background(), attributes, &admissionv1.AdmissionRequest{},
		cel.OptionalVariableBindings{}, &corev1.Namespace{}, budget)
	if err != nil {
		return 0, err
	}
	for _, result := range results {
		if result.Error != nil && strings.Contains(result.Error.Error(), "cost limit exceeded") {
			return -1, nil
		}
		if result.Error != nil {
			return 0, result.Error
		}
	}
	return budget - left, nil
}
