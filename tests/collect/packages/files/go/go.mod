module example.com/app

go 1.21

require (
	example.com/local v0.0.0
	github.com/pkg/errors v0.9.0
	golang.org/x/text v0.3.7
)

replace github.com/pkg/errors => github.com/pkg/errors v0.9.1

replace example.com/local => ./local
